// Clients that know X by its address alone: their connections end at the simulator.
import { Agent } from "node:http";
import { connect } from "node:net";

/** Whoever is called, the simulator answers, without TLS: no call leaves this computer. */
export class ToTheSimulator extends Agent {
  protocol = "https:";
  #port;

  constructor(x) {
    super();
    this.#port = Number(new URL(x.url).port);
  }

  createConnection() {
    return connect({ host: "127.0.0.1", port: this.#port });
  }
}
