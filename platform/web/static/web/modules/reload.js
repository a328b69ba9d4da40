// "Try again" asks for the same address once more, and by itself when the signal returns.
export default function start(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  addEventListener("online", () => location.reload());
}
