/** The way back from a document to the conversation it was opened from. */
const back = document.getElementById("back");

if (document.referrer.startsWith(`${location.origin}/`) && !document.referrer.includes("/app/documents/")) {
  const label = document.getElementById("back-label");
  label.firstChild.textContent = "Back";
  label.querySelector(".wide-only").textContent = " to your question";
  back.addEventListener("click", (event) => {
    event.preventDefault();
    history.back();
  });
}
