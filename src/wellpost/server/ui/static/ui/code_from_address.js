// A link in an email carries its code behind #, which browsers never send. Put it in its field.
const field = document.getElementById("id_code");
const code = decodeURIComponent(location.hash.slice(1));
if (field && code) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
}
