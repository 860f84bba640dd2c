// While this page has no connection to the desk its controls rest and say so (class mien-away, see frame.py): a press would
// come late, or be lost where the page has to be loaded anew. What was typed and not saved by then is told after that.
"use strict";
(() => {
  const KEPT = "mien_typed", LOOK_MS = 100, LATE_MS = 5000;
  const typed = new Map();
  let up = false, wasAway = false, cameBack = 0;

  const connected = () => Boolean(window.did_handshake && window.socket?.connected);

  function look() {
    const now = connected();
    if (now === up) return;
    if (now && wasAway) cameBack = Date.now();
    wasAway = !now;
    up = now;
    document.documentElement.classList.toggle("mien-away", !now);
  }

  const nameOf = (field) =>
    field.getAttribute("aria-label") || field.closest("label")?.querySelector(".q-field__label")?.innerText || "";

  function remember(event) {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || field.type === "password") return;
    // A dial's value holds as soon as the desk has heard of it.
    const heard = event.type === "change" && connected() && field.closest("[data-setting]");
    heard ? typed.delete(field) : typed.set(field, nameOf(field));
  }

  // The page loads itself anew where the desk does not know it any more: without a connection, or soon after it came back.
  function keep() {
    if (connected() && Date.now() - cameBack > LATE_MS) return;
    const found = [...typed].filter(([field]) => field.isConnected && field.value.trim());
    if (found.length) sessionStorage.setItem(KEPT, JSON.stringify(found.map(([field, name]) => [name, field.value])));
  }

  function tell() {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (!kept) return;
    const box = document.createElement("div");
    box.className = "mien-typed";
    box.setAttribute("role", "alert");
    const lines = JSON.parse(kept).map(([name, value]) => (name ? `${name}: ${value}` : value));
    const words = "The connection was away for long, and this page was loaded anew. What was typed here is not in it any more:";
    box.append(words, Object.assign(document.createElement("pre"), { innerText: lines.join("\n") }));
    box.append(Object.assign(document.createElement("button"), { innerText: "Dismiss", onclick: () => box.remove() }));
    document.body.append(box);
  }

  document.documentElement.classList.add("mien-away");
  document.addEventListener("input", remember, true);
  document.addEventListener("change", remember, true);
  window.addEventListener("pagehide", keep);
  document.addEventListener("DOMContentLoaded", tell);
  setInterval(look, LOOK_MS);
})();
