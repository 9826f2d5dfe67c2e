// One slide at a time, by keyboard, swipe or button; #/3 in the address is the third. Without this script the page is
// a document to scroll. Nothing is loaded and nothing is stored.
(() => {
  "use strict";
  const root = document.documentElement;
  const slides = [...document.querySelectorAll("section")];
  const bar = document.querySelector("progress");
  const clock = document.querySelector(".clock");
  const deckTitle = document.title;
  let at = 0;
  let begun = 0;

  const isOneAtATime = () => matchMedia("(min-width: 701px)").matches;
  const asked = () => Number(/^#\/(\d+)$/.exec(location.hash)?.[1] ?? 1) - 1;
  const clockFace = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

  function tick() {
    const plan = slides.slice(0, at + 1).reduce((sum, slide) => sum + Number(slide.dataset.seconds), 0);
    const spent = begun ? (Date.now() - begun) / 1000 : 0;
    clock.textContent = `${clockFace(spent)} so far, ${clockFace(plan)} planned by the end of this slide`;
  }

  function show(n) {
    at = Math.max(0, Math.min(slides.length - 1, n));
    if (at > 0 && !begun) begun = Date.now();
    slides.forEach((slide, i) => slide.classList.toggle("current", i === at));
    bar.value = at + 1;
    document.title = `${at + 1}. ${slides[at].querySelector("h1, h2").textContent} · ${deckTitle}`;
    if (asked() !== at || !location.hash) history.replaceState(null, "", `#/${at + 1}`);
    tick();
    if (isOneAtATime()) scrollTo(0, 0);
    else slides[at].scrollIntoView();
  }

  const toggleNotes = () => root.classList.toggle("with-notes");
  const toggleFullscreen = () =>
    document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.();
  const keys = {
    ArrowRight: () => show(at + 1), PageDown: () => show(at + 1), ArrowDown: () => show(at + 1),
    ArrowLeft: () => show(at - 1), PageUp: () => show(at - 1), ArrowUp: () => show(at - 1),
    Home: () => show(0), End: () => show(slides.length - 1),
    s: toggleNotes, f: toggleFullscreen, p: () => print(),
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isOneAtATime()) return;
    const isOnControl = event.target.closest?.("a, button");
    const act = event.key === " " && !isOnControl ? () => show(at + (event.shiftKey ? -1 : 1)) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  let touched = null;
  addEventListener("touchstart", (event) => {
    touched = event.touches.length === 1 ? event.touches[0] : null;
  }, { passive: true });
  addEventListener("touchend", (event) => {
    if (!touched || !isOneAtATime()) return;
    const dx = event.changedTouches[0].clientX - touched.clientX;
    const dy = event.changedTouches[0].clientY - touched.clientY;
    if (Math.abs(dx) > 50 && Math.abs(dx) > 2 * Math.abs(dy)) show(at + (dx < 0 ? 1 : -1));
    touched = null;
  }, { passive: true });

  document.querySelector("nav.steps").addEventListener("click", (event) => {
    const step = event.target.closest("button")?.dataset.step;
    if (step === "notes") toggleNotes();
    else if (step) show(at + Number(step));
  });
  addEventListener("hashchange", () => show(asked()));
  setInterval(tick, 1000);
  root.classList.add("deck");
  if (location.hash || isOneAtATime()) show(asked());
})();
