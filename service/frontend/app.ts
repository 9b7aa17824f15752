// Loaded by every page. Pages work without it; it saves a reload where it is there.
import "htmx.org";
