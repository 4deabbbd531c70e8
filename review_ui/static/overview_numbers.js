// A small chart for each column of a table, drawn from the table itself, all on one scale. What is not told is a gap.
for (const box of window.uPlot ? document.querySelectorAll("[data-charts]") : []) {
  const table = document.getElementById(box.dataset.charts);
  const HEIGHT = 150;
  const rows = [...table.tBodies[0].rows];
  if ("newestFirst" in box.dataset) rows.reverse();
  const shorts = rows.map((row) => row.cells[0].dataset.short);
  const columns = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const value = (row, column) => {
    const told = row.cells[column + 1]?.dataset.value;
    return told === undefined ? null : Number(told);
  };
  const series = columns.map((_, column) => rows.map((row) => value(row, column)));
  const top = Number(box.dataset.top) || Math.max(1, ...series.flat().filter((one) => one !== null));
  const token = (name) => getComputedStyle(box).getPropertyValue(name).trim();

  function chart(holder, values) {
    const axis = {
      stroke: token("--sp-quiet"),
      grid: { stroke: token("--sp-line"), width: 1 },
      ticks: { stroke: token("--sp-line"), width: 1 },
      font: `12px ${getComputedStyle(box).fontFamily}`,
    };
    const options = {
      width: holder.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [-0.6, rows.length - 0.4] }, y: { range: [0, top * 1.05] } },
      axes: [
        { ...axis, grid: { show: false }, incrs: [1, 2, 4, 7, 14], values: (_, at) => at.map((one) => shorts[one] ?? "") },
        { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
      ],
      series: [{}, { stroke: token("--sp-action"), fill: token("--sp-action"), points: { show: false }, paths: uPlot.paths.bars({ size: [0.7, 40] }) }],
    };
    return new uPlot(options, [values.map((_, at) => at), values], holder);
  }

  let drawn = [];
  function draw() {
    for (const one of drawn) one.destroy();
    drawn = holders.map((holder, at) => chart(holder, series[at]));
  }

  box.hidden = false;
  const holders = columns.map((name) => {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const holder = document.createElement("div");
    caption.textContent = name;
    holder.setAttribute("role", "img");
    holder.setAttribute("aria-label", `${name}. ${box.dataset.says}`);
    figure.append(caption, holder);
    box.append(figure);
    return holder;
  });
  draw();

  let width = box.clientWidth;
  new ResizeObserver(() => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    draw();
  }).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
