// Where the pages begin: the state, drawn anew after each change.
import { render } from "preact";
import { start } from "./start.js";
import { state, whenChanged } from "./state.js";
import { Page } from "./views/page.jsx";
import "./style/main.css";
import "./style/dashboard.css";

const root = document.getElementById("page");
let asked = false;
whenChanged(() => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    render(<Page state={state()} />, root);
  });
});
start();
