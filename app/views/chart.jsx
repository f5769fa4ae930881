// Lines over days, drawn by uPlot.
import { useEffect, useRef } from "preact/hooks";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";

const COLOURS = ["#2f9fbf", "#8a6fd1", "#d08a2e", "#4f9d5d"];

export function Chart({ data, names }) {
  const place = useRef(null);
  const plot = useRef(null);
  useEffect(() => {
    const ink = getComputedStyle(place.current).color;
    const axis = { stroke: ink, grid: { stroke: "#8884", width: 1 }, ticks: { stroke: "#8884" } };
    const series = names.map((label, n) => ({ label, stroke: COLOURS[n], width: 2, points: { show: false } }));
    const size = () => ({ width: place.current.clientWidth, height: 180 });
    plot.current = new UPlot({ ...size(), series: [{}, ...series], axes: [axis, axis], scales: { y: { range: [0, null] } }, legend: { live: false } }, data, place.current);
    const resized = new ResizeObserver(() => plot.current.setSize(size()));
    resized.observe(place.current);
    return () => {
      resized.disconnect();
      plot.current.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(data), [JSON.stringify(data)]);
  return <div class="chart" ref={place} role="img" aria-label={summary(data, names)} />;
}

/** For whoever does not see it. */
function summary(data, names) {
  return names.map((name, n) => `${name}: ${data[n + 1].at(-1)} on the last of ${data[0].length} days`).join("; ");
}
