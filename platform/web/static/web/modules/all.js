// One box over many: ticks or clears them all, and shows whether all, some or none are ticked.
export default function start(group) {
  const all = group.querySelector("[data-all]");
  const boxes = [...group.querySelectorAll("input[type=checkbox][name]")];

  function refresh() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }

  group.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    refresh();
  });
  refresh();
  all.closest("[hidden]").hidden = false;
}
