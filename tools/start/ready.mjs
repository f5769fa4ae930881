// When a server answers, and what is shown once all of them do.
import { Failure } from "../run/failure.mjs";
import { until } from "../run/until.mjs";

const WITHIN_MS = 60_000;

/** Resolves when `path` answers 200; fails at once when the program dies first. */
export async function answering(name, port, path, program) {
  const asked = async () => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  };
  const wait = until(`${name} to answer http://127.0.0.1:${port}${path}`, asked, { within: WITHIN_MS, mend: `see .perch/logs/${name}.log` });
  await Promise.race([wait, program.died]);
}

export function announce({ port, simulatorPort, real, bot, agent }, seconds) {
  const home = `http://127.0.0.1:${port}/`;
  const lines = real
    ? ["", "Real keys from .dev.vars; X cannot reach this address, so nothing is delivered here.", "", "Logs: .perch/logs   Stop: Ctrl-C"]
    : [
        `The phone  http://127.0.0.1:${simulatorPort}/`,
        `The inbox  ${home}app/   name: ${agent.login}   password: ${agent.password}`,
        "",
        bot ? `Write to the demo account from the phone; ${bot} answers.` : "Write to the demo account from the phone. Another bot answers with: npm start -- --bot snow",
        "",
        "Admin token: .perch/dev.vars   Logs: .perch/logs   Stop: Ctrl-C",
      ];
  const block = ["", `Perch is up (${seconds} s).`, "", `Perch      ${home}`, ...lines, ""];
  console.log(block.map((line) => `  ${line}`.trimEnd()).join("\n"));
}

export function mustHaveRealKeys(exists) {
  if (!exists) throw new Failure("--real needs .dev.vars, and there is none", { mend: "write the keys of your X app into .dev.vars (mode 0600), one NAME=value a line" });
}
