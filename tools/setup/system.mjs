// Packages of the operating system: installed on Debian and Ubuntu as root, named everywhere else.
import { existsSync, readFileSync } from "node:fs";
import { environment, which } from "../run/environment.mjs";
import { Failure } from "../run/failure.mjs";

export const isDebian = () => existsSync("/usr/bin/apt-get");
/** Asked only where apt-get is: there this file is too. */
const isUbuntu = () => /^ID=ubuntu$/m.test(readFileSync("/etc/os-release", "utf8"));
export const isRoot = () => process.getuid?.() === 0;

/** @param {{ why: string, debian: string[], ubuntu?: string, mac: string, other: string }} wanted the packages, and the words for other systems, and for an Ubuntu that lacks them */
export async function installPackages(progress, { why, debian, ubuntu, mac, other }) {
  if (!isDebian()) throw new Failure(why, { mend: process.platform === "darwin" ? mac : other });
  if (ubuntu && isUbuntu()) throw new Failure(why, { mend: ubuntu });
  const install = `apt-get update && apt-get install -y ${debian.join(" ")}`;
  if (!isRoot()) throw new Failure(why, { mend: `sudo sh -c '${install}'` });
  const env = environment({ DEBIAN_FRONTEND: "noninteractive" });
  await progress.run("apt-get", ["update"], { env, mend: install });
  await progress.run("apt-get", ["install", "-y", ...debian], { env, mend: install });
}

/** What Rust needs to link, for this project's own tests and for its tools. */
export const linker = {
  name: "C compiler",
  about: "about 30 seconds",
  missing: () => (which("cc") ? undefined : "a C compiler"),
  make: (progress) =>
    installPackages(progress, {
      why: "there is no C compiler (cc), which Rust needs to link",
      debian: ["build-essential"],
      mac: "xcode-select --install",
      other: "install a C compiler with your package manager: gcc or clang",
    }),
};

/** What libFuzzer is written in. */
export const cxx = {
  name: "C++ compiler",
  about: "about 30 seconds",
  missing: () => (which("c++") ? undefined : "a C++ compiler"),
  make: (progress) =>
    installPackages(progress, {
      why: "there is no C++ compiler (c++), which libFuzzer is built with",
      debian: ["build-essential"],
      mac: "xcode-select --install",
      other: "install a C++ compiler with your package manager: g++ or clang++",
    }),
};
