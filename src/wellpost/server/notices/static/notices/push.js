// Asks the browser to show notices, and hands what it made for that to the server as a form.
// Without scripts, or in a browser that cannot, the page says so and the other ways stand.
const place = document.getElementById("push");
const form = place?.querySelector("form");
const said = place?.querySelector("[role=status]");

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (data) =>
  btoa(String.fromCharCode(...new Uint8Array(data))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const asked = async () => {
  const worker = await navigator.serviceWorker.register(form.dataset.worker);
  await worker.update();
  const before = await worker.pushManager.getSubscription();
  if (before) await before.unsubscribe(); // it may be of another key
  const key = bytes(form.dataset.key);
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
};

const begin = async (event) => {
  event.preventDefault();
  said.textContent = "";
  if ((await Notification.requestPermission()) !== "granted") {
    said.textContent = said.dataset.refused;
    return;
  }
  try {
    const made = await asked();
    form.elements.endpoint.value = made.endpoint;
    form.elements.public_key.value = text(made.getKey("p256dh"));
    form.elements.secret.value = text(made.getKey("auth"));
    form.submit();
  } catch {
    said.textContent = said.dataset.failed;
  }
};

if (form && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  place.querySelector("[data-cannot]").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", begin);
}
