// Lets a chart be read point by point: by pointer, and by a slider for keyboards and screen readers.
"use strict";

const WIDTH = 480;

function enhance() {
  for (const figure of document.querySelectorAll("figure.chart")) {
    if (!figure.querySelector("input")) addReader(figure);
    else show(figure);
  }
}

function addReader(figure) {
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, step: 1 });
  slider.dataset.own = "";
  slider.setAttribute("aria-label", figure.querySelector(".reading").dataset.label);
  const output = document.createElement("output");
  output.dataset.own = "";
  figure.append(slider, output);
  slider.max = readings(figure).length - 1;
  slider.value = slider.max;
  slider.addEventListener("input", () => { slider.dataset.moved = ""; show(figure); });
  figure.querySelector("svg").addEventListener("pointermove", (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    slider.value = nearest(readings(figure), ((event.clientX - box.left) / box.width) * WIDTH);
    slider.dataset.moved = "";
    show(figure);
  });
}

function readings(figure) {
  return JSON.parse(figure.querySelector(".reading").dataset.readings);
}

function nearest(points, x) {
  let best = 0;
  points.forEach(([at], index) => { if (Math.abs(at - x) < Math.abs(points[best][0] - x)) best = index; });
  return best;
}

function show(figure) {
  const slider = figure.querySelector("input"), points = readings(figure);
  slider.max = points.length - 1;
  if (!("moved" in slider.dataset)) return;
  figure.classList.add("read");
  const [x, words] = points[Math.min(Number(slider.value), points.length - 1)];
  figure.querySelector(".cursor").setAttribute("d", `M${x} 0v100`);
  figure.querySelector("output").textContent = words;
  slider.setAttribute("aria-valuetext", words);
}

document.addEventListener("renewed", enhance);
enhance();
