// Loaded by every page. Pages work without it: it saves reloads and finds things in long lists.
import "htmx.org";
import { findInLists } from "./behaviour/find";
import { offerTools } from "./behaviour/tools";

findInLists(document);
offerTools(document);
// What htmx puts in place of a part of the page has lists of its own.
document.addEventListener("htmx:after:swap", () => findInLists(document));
