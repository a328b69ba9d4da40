// What went wrong is read first: the summary of a refused form takes the focus.
export default function start(element) {
  element.focus();
}
