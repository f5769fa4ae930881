// A script as a picture: nodes, the ways between them, and how many customers stand at each.
import { Graph, layout } from "@dagrejs/dagre";
import { useMemo } from "preact/hooks";

const CHARACTER = 7.2;
const LINE = 17;
const PADDING = 12;

export function Flow({ flow }) {
  // The places depend on the script alone: counts change under them.
  const places = useMemo(() => placed(flow), [flow.account, flow.version, flow.nodes.length]);
  const here = flow.nodes.filter((node) => node.customers > 0);
  return (
    <>
      <div class="flow" tabIndex={0} role="region" aria-label="The flow of the script">
        <svg width={places.width} height={places.height} viewBox={`0 0 ${places.width} ${places.height}`} aria-hidden="true">
          <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" /></marker></defs>
          {places.ways.map((way) => (
            <g key={`${way.from} ${way.to}`} class="way">
              <path d={way.path} marker-end="url(#tip)" />
              {way.why && <text x={way.x} y={way.y}>{way.why}</text>}
            </g>
          ))}
          {flow.nodes.map((node) => <Node key={node.name} node={node} place={places.nodes[node.name]} isStart={node.name === flow.start} />)}
        </svg>
      </div>
      <p class="soft" role="status">{here.length ? `In conversation now: ${here.map((node) => `${node.customers} at ${node.name}`).join(", ")}.` : "No customer is in conversation now."}</p>
    </>
  );
}

function Node({ node, place, isStart }) {
  if (!place) return null;
  const { x, y, width, height } = place;
  return (
    <g class={isStart ? "node start" : "node"}>
      <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx="10" />
      {lines(node).map((text, n) => <text key={n} class={n ? "does" : undefined} x={x} y={y - height / 2 + PADDING + LINE * (n + 0.75)}>{text}</text>)}
      {node.customers > 0 && (
        <g class="customers">
          <circle cx={x + width / 2} cy={y - height / 2} r="13" />
          <text x={x + width / 2} y={y - height / 2 + 4}>{node.customers > 999 ? "999+" : node.customers}</text>
        </g>
      )}
    </g>
  );
}

const lines = (node) => (node.does.length ? [node.name, node.does.join(", ")] : [node.name]);
const widest = (texts) => Math.max(...texts.map((text) => [...text].length)) * CHARACTER;

/** Where everything goes; several ways between the same two nodes are one line. */
function placed({ nodes, ways }) {
  const graph = new Graph().setGraph({ rankdir: "LR", nodesep: 22, ranksep: 60, marginx: 20, marginy: 20 }).setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) {
    const texts = lines(node);
    graph.setNode(node.name, { width: widest(texts) + 2 * PADDING, height: texts.length * LINE + 2 * PADDING });
  }
  const drawn = new Map();
  for (const way of ways) {
    const key = `${way.from} ${way.to}`;
    if (way.from === way.to || drawn.has(key)) continue;
    drawn.set(key, way);
    graph.setEdge(way.from, way.to, { width: widest([way.why]) * 0.85, height: 14, labelpos: "c" });
  }
  layout(graph);
  const { width, height } = graph.graph();
  const edge = (way) => {
    const { points, x, y } = graph.edge(way.from, way.to);
    return { ...way, x, y: y + 4, path: `M${points.map((point) => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join("L")}` };
  };
  return { width, height, ways: [...drawn.values()].map(edge), nodes: Object.fromEntries(nodes.map(({ name }) => [name, graph.node(name)])) };
}
