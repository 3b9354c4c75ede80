// Shows a notice that came by push, and opens Wellpost when it is chosen. It keeps nothing and
// reads nothing: the notice says only that something waits.
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  const notice = event.data.json();
  event.waitUntil(self.registration.showNotification(notice.title, { body: notice.text, tag: "wellpost" }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/"));
});
