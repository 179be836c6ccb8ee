/** The custom element `<upheld-chat>`, defined where the browser has what it needs. */

import { UpheldChat } from "./element";

const canBeDrawn = "adoptedStyleSheets" in Document.prototype && "showModal" in HTMLDialogElement.prototype;

// Where it cannot be drawn, the link and the form inside of the element stay.
if (canBeDrawn && !customElements.get("upheld-chat")) {
  customElements.define("upheld-chat", UpheldChat);
}
