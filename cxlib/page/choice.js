// Whose answers? One of several tables that are all there.
document.querySelectorAll(".choice").forEach(box => {
  const select = box.querySelector("select");
  const show = () => [...box.children].slice(1).forEach((part, i) => { part.hidden = i !== Number(select.value); });
  box.firstElementChild.hidden = false;
  select.addEventListener("change", show);
  show(); // a page that is gone back to keeps what was chosen
});
