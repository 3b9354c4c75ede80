"""The sixteen: eight patients, four who act for patients, a doctor, and three of the staff."""

from __future__ import annotations

import asyncio
import random
import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .http import Account, Answer, Line
from .journal import Journal

ACTING_CLIENTS = 4
WORDS = "and some more words, as people write them to their practice"


class Clients:
    """All of them, on connections of their own; they stop when `over` is set."""

    def __init__(self, people: dict[str, Any], port: int, seed: int) -> None:
        self.people, self.port, self.journal = people, port, Journal()
        self.chance = random.Random(seed)
        self.over = asyncio.Event()
        self.pause_of_revoker = 0.7

    async def work(self) -> None:
        """Until it is over; what is under way is finished first."""
        patients, staff = self.people["patients"], self.people["staff"]
        each = [self._patient(f"p{place}", one) for place, one in enumerate(patients)]
        each += [self._acting(place) for place in range(ACTING_CLIENTS)]
        each.append(self._doctor(self.people["clinicians"][0]))
        each += [self._revoker(staff[0]), self._closer(staff[1]), self._resolver(staff[2])]
        await asyncio.gather(*each)

    # What each does

    async def _patient(self, name: str, patient: dict[str, Any]) -> None:
        line, who, number = Line(self.port), Account(**patient["account"]), 0
        while not self.over.is_set():
            number += 1
            thread = self._choose(patient, number)
            await self._send(line, who, f"/portal/threads/{thread}/", thread, name, number)
            if number % 4 == 0:
                await self._read(line, who, f"/portal/threads/{thread}/", thread)
        line.close()

    async def _acting(self, place: int) -> None:
        """Acts for one patient after another, in each until that right is ended."""
        line = Line(self.port)
        mine = self.people["patients"][place::ACTING_CLIENTS]
        rights = [(one, each) for each in range(len(mine[0]["acting"])) for one in mine]
        for turn, (patient, each) in enumerate(rights):
            right = patient["acting"][each]
            await self._act(line, f"a{place}t{turn}", patient, right)
            if self.over.is_set():
                break
        line.close()

    async def _act(
        self, line: Line, name: str, patient: dict[str, Any], right: dict[str, Any]
    ) -> None:
        who, number = Account(**right["account"]), 0
        while not self.over.is_set() and right["id"] not in self.journal.revoked:
            number += 1
            thread = self._choose(patient, 1)
            path = f"/portal/threads/{thread}/"
            await self._send(line, who, path, thread, name, number, right["id"])
            await self._read(line, who, path, thread, right["id"])
        if right["id"] in self.journal.revoked:
            for thread in patient["threads"]:
                await self._is_shut_out(line, who, patient, thread)

    async def _doctor(self, account: dict[str, str]) -> None:
        line, who, number = Line(self.port), Account(**account), 0
        while not self.over.is_set():
            number += 1
            thread = self._choose(self.chance.choice(self.people["patients"]), 1)
            path = f"/clinic/threads/{thread}/"
            await self._send(line, who, path, thread, "doctor", number)
            await self._read(line, who, path, thread)
        line.close()

    async def _revoker(self, account: dict[str, str]) -> None:
        """Ends one right after another; the end counts from when it was acknowledged."""
        line, who = Line(self.port), Account(**account)
        today = datetime.now(ZoneInfo("America/New_York")).date().isoformat()
        rounds = range(len(self.people["patients"][0]["acting"]))
        for patient, each in ((one, each) for each in rounds for one in self.people["patients"]):
            await self._wait(self.pause_of_revoker)
            if self.over.is_set():
                break
            right = patient["acting"][each]["id"]
            path = f"/clinic/patients/{patient['id']}/representatives/{right}/end/"
            answer = await line.insist(who, path, {"on": today})
            self._expect(answer, 302, f"/clinic/patients/{patient['id']}/", "ending a right")
            self.journal.revoked.add(right)
        line.close()

    async def _closer(self, account: dict[str, str]) -> None:
        line, who = Line(self.port), Account(**account)
        places = range(len(self.people["patients"][0]["closing"]))
        for patient, each in ((one, each) for each in places for one in self.people["patients"]):
            await self._wait(0.9)
            if self.over.is_set():
                break
            thread = patient["closing"][each]
            self.journal.closing.add(thread)
            answer = await line.insist(who, f"/clinic/threads/{thread}/lock/", {})
            self._expect(answer, 302, f"/clinic/threads/{thread}/", "closing")
            self.journal.closed.add(thread)
        line.close()

    async def _resolver(self, account: dict[str, str]) -> None:
        """Settles conversations, takes them up again, and looks at the list."""
        line, who = Line(self.port), Account(**account)
        while not self.over.is_set():
            thread = self._choose(self.chance.choice(self.people["patients"]), 1)
            for deed in ("resolve", "reopen"):
                answer = await line.insist(who, f"/clinic/threads/{thread}/{deed}/", {})
                self._expect(answer, 302, f"/clinic/threads/{thread}/", deed)
            self._expect(await line.insist(who, "/clinic/"), 200, "", "the list")
            await self._wait(0.05)
        line.close()

    # How it is done

    def _choose(self, patient: dict[str, Any], number: int) -> str:
        """One of the patient's conversations: each sixth time one that is to be closed."""
        if number % 6 == 0:
            return str(self.chance.choice(patient["closing"]))
        return str(self.chance.choice(patient["threads"]))

    async def _send(
        self, line: Line, who: Account, path: str, thread: str, name: str, number: int,
        right: str = "",
    ) -> None:  # fmt: skip
        """Send until it is known what became of it; the client key stays the same."""
        closed, ended = thread in self.journal.closed, right in self.journal.revoked
        text = f"m-{name}-{number:05d}-m {WORDS}"
        form = {"body": text, "client_key": str(uuid.uuid4()), "to": "patient", "in_reply_to": ""}
        answer = await line.insist(who, path, form)
        if answer.status == 302 and answer.to == path:
            self.journal.note(thread, name, number)
            if closed or ended:
                self.journal.fault("accepted after the end", f"{path} {name} {number}")
        elif self._is_known_end(thread, right):
            self.journal.refused_after_end += closed or ended
        else:
            self.journal.fault("not answered as it should be", f"{path} {answer}")

    async def _read(
        self, line: Line, who: Account, path: str, thread: str, right: str = ""
    ) -> None:
        must, ended = self.journal.known_of(thread), right in self.journal.revoked
        answer = await line.insist(who, path)
        if answer.status == 200 and not ended:
            self.journal.read += 1
            self.journal.hold_against(answer.text, must, "read")
        elif answer.status == 200:
            self.journal.fault("read after the end", path)
        elif not (right and answer.status == 404):
            self.journal.fault("not answered as it should be", f"{path} {answer}")

    async def _is_shut_out(
        self, line: Line, who: Account, patient: dict[str, Any], thread: str
    ) -> None:
        """Neither the conversation nor the list, nor can anything be written."""
        path = f"/portal/threads/{thread}/"
        form = {"body": "too late", "client_key": str(uuid.uuid4()), "in_reply_to": ""}
        answers = [
            await line.insist(who, path),
            await line.insist(who, f"/portal/patients/{patient['id']}/"),
            await line.insist(who, path, form),
        ]
        if any(each.status != 404 for each in answers):
            self.journal.fault("read after the end", f"{path} {[e.status for e in answers]}")
        self.journal.refused_after_end += 1

    def _is_known_end(self, thread: str, right: str) -> bool:
        """Whether a refusal is right by now, or may be."""
        return thread in self.journal.closing or bool(right)

    def _expect(self, answer: Answer, status: int, to: str, what: str) -> None:
        if answer.status != status or answer.to != to:
            self.journal.fault("not answered as it should be", f"{what}: {answer}")

    async def _wait(self, seconds: float) -> None:
        """So long, or until it is over."""
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except TimeoutError:
            return
