// Loaded before a tool, with ELSEWHERE in its environment: the tool sees another computer than this one, whoever runs it here.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { system, isDebian, isUbuntu, isRoot, node } = JSON.parse(process.env.ELSEWHERE);
const { existsSync, readFileSync } = fs;
const set = (name, value) => Object.defineProperty(process, name, { value });

set("platform", system);
set("getuid", () => (isRoot ? 0 : 1000));
set("versions", { ...process.versions, node });
// What this computer has installed is not there.
fs.existsSync = (path) => (path === "/usr/bin/apt-get" ? isDebian : !/^\/(usr|Applications)\//.test(path) && existsSync(path));
fs.readFileSync = (path, ...how) => (path === "/etc/os-release" ? `NAME=Some\nID=${isUbuntu ? "ubuntu" : "debian"}\n` : readFileSync(path, ...how));
syncBuiltinESMExports();
