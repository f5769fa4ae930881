// What the runtime calls: straight into the program. After a panic its bindings begin a new instance by themselves.
import { fetch, queue, scheduled } from "perch";

export default { fetch, queue, scheduled };
