// Loaded by pages whose table can be drawn.
import "./charts/element";
