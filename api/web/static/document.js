/** The way back from a document to the conversation it was opened from. */
const back = document.getElementById("back");

if (document.referrer.startsWith(`${location.origin}/`) && !document.referrer.includes("/app/documents/")) {
  back.querySelector(".narrow-only").textContent = back.dataset.narrow;
  back.querySelector(".wide-only").textContent = back.dataset.wide;
  back.addEventListener("click", (event) => {
    event.preventDefault();
    history.back();
  });
}
