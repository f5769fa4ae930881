// One ring: commands run one after the other, shown as they speak, their results counted.
import { start } from "../run/children.mjs";
import { ROOT } from "../run/places.mjs";

export class Ring {
  constructor(name, about) {
    this.name = name;
    this.passed = 0;
    this.failed = 0;
    this.since = Date.now();
    this.note = "";
    console.log(`\n=== ${name}: ${about} ===\n`);
  }

  /** Runs a program that prints counts. One that fails without having counted a failure counts as one. */
  async count(command, args, { env, counter }) {
    const { code, lines } = await this.run(command, args, env);
    const { passed, failed } = counter(lines);
    this.passed += passed;
    this.failed += code !== 0 && failed === 0 ? 1 : failed;
    return code === 0;
  }

  /** Runs a program that is itself one check: it passes or it fails. */
  async check(command, args, { env }) {
    const { code } = await this.run(command, args, env);
    this.result(code === 0);
  }

  /** Does a piece of work that is itself one check: it fails by throwing. */
  async attempt(work) {
    try {
      await work();
      this.result(true);
    } catch (error) {
      console.log([...(error.output ?? []), `error: ${error.message}`, error.mend ? `To mend it: ${error.mend}` : ""].filter(Boolean).join("\n"));
      this.result(false);
    }
    return this.failed === 0;
  }

  done() {
    this.seconds = Math.round((Date.now() - this.since) / 100) / 10;
    return this;
  }

  result(passed) {
    if (passed) this.passed += 1;
    else this.failed += 1;
  }

  async run(command, args, env) {
    console.log(`$ ${[command.split("/").pop(), ...args].join(" ")}`);
    const lines = [];
    const { ended } = start(command, args, {
      cwd: ROOT,
      env,
      onLine: (line) => {
        console.log(line);
        lines.push(line.replace(/\x1b\[[0-9;]*m/g, ""));
      },
    });
    const { code, why } = await ended;
    if (code !== 0) console.log(`(${why})`);
    return { code, lines };
  }
}
