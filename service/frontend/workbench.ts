// The analysts' workbench. Only its page loads this.
import "./workbench/element";
