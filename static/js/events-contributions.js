/* How many words a text has: <textarea data-words="300">. The server counts too; this only saves a way there. */

document.querySelectorAll("textarea[data-words]").forEach((area) => {
  const count = document.createElement("p");
  count.className = "meta";
  area.after(count);
  const tell = () => {
    const words = area.value.split(/\s+/).filter(Boolean).length;
    count.textContent = `${words} of at most ${area.dataset.words} words`;
  };
  area.addEventListener("input", tell);
  tell();
});
