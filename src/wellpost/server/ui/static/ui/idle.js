// The session ends when nothing is done for a while; the server decides, this only says so.
// While somebody types or points, the server is told. Two minutes before the end there is a
// warning with a button. At the end the page asks anew for sign-in, unless text would be lost.
const box = document.getElementById("idle");

if (box) {
  const allowed = Number(box.dataset.seconds) * 1000;
  const form = box.querySelector("form");
  const warning = Math.min(120_000, allowed / 2);
  let told = Date.now();

  const tell = async () => {
    told = Date.now();
    box.hidden = true;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) told = 0;
  };

  const written = () => [...document.querySelectorAll("textarea:not([readonly])")].some((each) => each.value.trim());

  const look = () => {
    const idle = Date.now() - told;
    if (idle >= allowed && !written()) location.reload();
    box.hidden = idle < allowed - warning;
  };

  for (const deed of ["keydown", "pointerdown"]) {
    document.addEventListener(deed, () => {
      if (box.hidden && Date.now() - told > 60_000) tell();
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell();
  });
  setInterval(look, 1000);
}
