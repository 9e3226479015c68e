// After a 429: count the seconds the API asked for, then let the button be pressed.

document.addEventListener("htmx:after:swap", startCountdowns);
startCountdowns();

/** Start each countdown in the page that has not begun. */
function startCountdowns() {
  for (const line of document.querySelectorAll("[data-countdown]")) {
    const end = Date.now() + Number(line.dataset.countdown) * 1000;
    line.removeAttribute("data-countdown");
    const button = line.parentElement.querySelector("[data-wait-for-countdown]");
    if (button) button.disabled = true;
    countDown(line, button, end);
  }
}

function countDown(line, button, end) {
  const left = Math.ceil((end - Date.now()) / 1000);
  if (!line.isConnected) return;
  if (left > 0) {
    line.querySelector("[data-countdown-left]").textContent = inWords(left);
    setTimeout(() => countDown(line, button, end), 1000);
    return;
  }
  line.textContent = line.dataset.done;
  if (button) button.disabled = false;
}

function inWords(seconds) {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
