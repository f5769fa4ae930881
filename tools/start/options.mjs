// The flags of npm start, and the words that explain them.
import { parseArgs } from "node:util";
import { Failure } from "../run/failure.mjs";

export const HELP = `npm start -- [flags]

Starts Perch and a simulated X on this computer. No account, no key, nothing leaves the machine.

  --port N            the port of Perch (default 8787)
  --simulator-port N  the port of the simulated X and its phone (default 8788)
  --bot NAME          which bot answers: hello (default), snow, leaderboard, or a script's file
  --call-hosts "…"    hosts that the bot may call, as in CALL_HOSTS: shop.example, or shop.example=http://127.0.0.1:9000
  --plain             the simulated X closes v1.1 to the app: the account speaks plain
  --reset             start from nothing: forget the local database and the local keys
  --real              no simulator: Perch talks to X with the keys in .dev.vars
  --verbose           show everything that the programs say
  --help              this text

Ctrl-C stops everything.`;

export function readOptions(args = process.argv.slice(2)) {
  const { values } = parse(args);
  const options = {
    port: port("--port", values.port),
    simulatorPort: port("--simulator-port", values["simulator-port"]),
    bot: values.bot,
    callHosts: values["call-hosts"],
    plain: values.plain,
    reset: values.reset,
    real: values.real,
    verbose: values.verbose,
    help: values.help,
  };
  if (options.port === options.simulatorPort && !options.real) throw new Failure("--port and --simulator-port are the same", { mend: "npm start -- --help" });
  return options;
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string", default: "8787" },
        "simulator-port": { type: "string", default: "8788" },
        bot: { type: "string" },
        "call-hosts": { type: "string", default: "" },
        plain: { type: "boolean", default: false },
        reset: { type: "boolean", default: false },
        real: { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new Failure(error.message, { mend: "npm start -- --help" });
  }
}

function port(flag, text) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new Failure(`${flag} ${text} is not a port`, { mend: `npm start -- ${flag} 8797` });
}
