// Single keys on the pages of messages. Switched off: this file is not loaded (WCAG 2.1.4).
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll(".wp-rows .wp-row__title")];

  const step = (by) => {
    const all = rows();
    const here = all.indexOf(document.activeElement);
    const next = all[here === -1 ? (by > 0 ? 0 : all.length - 1) : here + by];
    if (next) next.focus();
  };

  const go = (selector) => {
    const found = document.querySelector(selector);
    if (!found) return;
    const folded = found.closest("details");
    if (folded) folded.open = true;
    found.focus();
  };

  const follow = (selector) => document.querySelector(selector)?.click();

  const deeds = {
    j: () => step(1),
    k: () => step(-1),
    u: () => follow(".wp-back a"),
    r: () => go("#message-form textarea"),
    n: () => go("#note-form textarea"),
    "/": () => go("#filters select"),
    "?": () => follow("#keyboard-help"),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
})();
