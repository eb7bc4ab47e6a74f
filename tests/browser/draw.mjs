// Draws the invented pictures of the demo's kit types: node draw.mjs writes ../../assets/demo/pictures/*.webp.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./support/browser.mjs";

const folder = join(import.meta.dirname, "../../assets/demo/pictures");
const [width, height] = [960, 540];
const ink = "#2f3e46";

const rect = (x, y, w, h, fill, r = 0, more = "") => `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}" ${more}/>`;
const circle = (x, y, r, fill, more = "") => `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}" ${more}/>`;
const ellipse = (x, y, rx, ry, fill, more = "") => `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" ${more}/>`;
const path = (d, fill = "none", stroke = "none", w = 0, more = "") =>
  `<path d="${d}" fill="${fill}" stroke="${stroke}" stroke-width="${w}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;
const at = (x, y, scale, inner, turn = 0) => `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${scale})">${inner}</g>`;
const range = (n) => [...Array(n).keys()];
const shadow = (x, y, rx) => ellipse(x, y, rx, rx * 0.16, "#000", 'opacity=".13"');
const arrow = (fill) => path("M-16 10 0-14 16 10", "none", fill, 9);

/** A mat of squares on the floor. */
const mat = (x, y, columns, rows, size, fill, line) =>
  rect(x, y, columns * size, rows * size, fill, 10) +
  range(columns - 1).map((i) => path(`M${x + (i + 1) * size} ${y}v${rows * size}`, "none", line, 3)).join("") +
  range(rows - 1).map((i) => path(`M${x} ${y + (i + 1) * size}h${columns * size}`, "none", line, 3)).join("");

const scene = (back, floor, inner) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
  rect(0, 0, width, height, back) + path(`M0 330C240 290 700 300 960 340V540H0Z`, floor) + inner + "</svg>";

const bee = shadow(0, 62, 92) + ellipse(0, 0, 90, 66, "#f4c542") + path("M-34-60C-48-20-48 20-34 60M6-66C-2-22-2 22 6 66", "none", ink, 20) +
  circle(62, -16, 11, "#fff") + circle(65, -15, 6, ink) + path("M58 20q14 8 24-4", "none", ink, 5) +
  circle(-12, -18, 12, "#e76f51") + circle(-12, 16, 12, "#5aa469") + path("M52-58q10-26 32-26M34-62q0-28 16-38", "none", ink, 6);
const dome = (color) => shadow(0, 62, 92) + path("M-92 50C-92-80 92-80 92 50Z", color, "#ffffff", 5, 'opacity=".85"') + rect(-92, 44, 184, 20, ink, 10) +
  circle(-30, -4, 16, "#f4c542") + circle(24, 6, 20, "#e76f51") + rect(-12, 14, 26, 20, "#5aa469", 5) + circle(60, 0, 10, "#fff") + circle(62, 1, 5, ink);
const cube = shadow(0, 96, 110) + rect(-92, -86, 184, 172, "#d9a066", 26) + rect(-92, -86, 184, 172, "#fff", 26, 'opacity=".12"') +
  circle(-34, -14, 15, ink) + circle(34, -14, 15, ink) + path("M-30 34q30 26 60 0", "none", ink, 9) + circle(-98, 66, 26, ink) + circle(98, 66, 26, ink);
const block = (fill) => path("M-34-22h68a10 10 0 0 1 10 10v24a10 10 0 0 1-10 10h-68a10 10 0 0 1-10-10v-24a10 10 0 0 1 10-10Z", fill) + circle(0, 0, 9, "#fff", 'opacity=".7"');
const piece = (fill, turn) => rect(-52, -40, 104, 80, fill, 10) + circle(56, 0, 17, fill) + circle(-50, 0, 15, "#fff", 'opacity=".55"') + at(0, 0, 1.3, arrow("#fff"), turn);
const little = (fill) => shadow(0, 44, 52) + path("M-48 36C-52-50 52-50 48 36Z", fill) + circle(-16, -2, 10, "#fff") + circle(18, -2, 10, "#fff") + circle(-14, -1, 5, ink) + circle(20, -1, 5, ink) + rect(-50, 28, 100, 14, ink, 7);
const mouse = shadow(0, 58, 110) + path("M-110 52C-110-30-10-74 110 20 118 36 112 52 92 52Z", "#8f9bb3") + circle(-20, -30, 30, "#b9c2d6") + circle(-20, -30, 17, "#e9a6b0") +
  circle(66, 2, 8, ink) + circle(110, 26, 10, "#e9a6b0") + path("M-110 44C-170 44-150-10-190-16", "none", "#e9a6b0", 9) + circle(-66, 20, 12, "#5aa469") + circle(-34, 26, 12, "#e76f51");
const tablet = (w, h, inner) => rect(-w / 2 - 14, -h / 2 - 14, w + 28, h + 28, ink, 22) + rect(-w / 2, -h / 2, w, h, "#eaf4f4", 8) + inner;
const lamp = (x, y) => path(`M${x} ${y}v190M${x - 40} ${y + 196}h80`, "none", ink, 9) + path(`M${x - 44} ${y}l18-56h52l18 56Z`, "#f4c542");

const drawings = {
  "bee-bot": scene("#fdf3d7", "#f0dfae", mat(250, 210, 5, 2, 130, "#fffaf0", "#e0c98a") + at(340, 290, 1, bee) + at(620, 400, 0.8, bee, 4) + at(770, 180, 0.5, bee, -6)),
  "blue-bot": scene("#dcecf7", "#bcd9ec", mat(180, 240, 5, 2, 120, "#f5fbff", "#9cc4de") + at(320, 300, 1.05, dome("#7fb8dd")) + at(640, 400, 0.8, dome("#a6d0ea")) +
    range(3).map((i) => at(700 + i * 80, 170, 0.9, rect(-32, -32, 64, 64, ["#e76f51", "#5aa469", "#f4c542"][i], 10) + arrow("#fff"), [0, 90, 0][i])).join("")),
  cubetto: scene("#f7e6d6", "#e6cdb2", mat(90, 300, 7, 2, 110, "#fbf3ea", "#d9bd9b") + at(360, 260, 1.15, cube) + rect(600, 180, 290, 150, "#c98d55", 20) +
    range(4).map((i) => at(660 + (i % 2) * 110 + (i > 1 ? 30 : 0), 220 + Math.floor(i / 2) * 66, 0.85, block(["#5aa469", "#e76f51", "#f4c542", "#4d8fc4"][i]))).join("")),
  kubo: scene("#e3f1e6", "#c5e0cb", at(250, 370, 1.1, piece("#5aa469", 90)) + at(390, 370, 1.1, piece("#e76f51", 0)) + at(530, 370, 1.1, piece("#4d8fc4", 90)) + at(670, 370, 1.1, piece("#f4c542", 180)) +
    at(330, 220, 1.5, little("#8ecae6")) + at(640, 210, 1.2, little("#ffb5a7"))),
  botley: scene("#e4e9f7", "#c8d2ee", at(340, 270, 1.3, shadow(0, 80, 100) + rect(-84, -60, 168, 120, "#4d6fc4", 44) + circle(-58, 66, 30, ink) + circle(58, 66, 30, ink) + ellipse(0, -14, 56, 36, "#eaf4f4") + circle(-20, -14, 10, ink) + circle(20, -14, 10, ink) + path("M0-60v-34", "none", ink, 7) + circle(0, -100, 12, "#e76f51")) +
    at(680, 330, 1, rect(-70, -120, 140, 240, "#f4c542", 36) + at(0, -66, 1.1, arrow(ink)) + at(0, 20, 1.1, arrow(ink), 180) + circle(0, 80, 20, "#5aa469"), 10)),
  spike: scene("#fbeede", "#f0d9bb", [["#e76f51", 300, 380, 3], ["#f4c542", 300, 330, 2], ["#5aa469", 350, 280, 1], ["#4d8fc4", 560, 380, 2], ["#e76f51", 610, 330, 1]].map(([fill, x, y, n]) =>
    rect(x, y, n * 100, 50, fill, 6) + range(n * 2).map((i) => rect(x + 12 + i * 50, y - 12, 28, 14, fill, 4)).join("")).join("") + rect(640, 200, 170, 120, "#fff", 20) + circle(690, 260, 22, "#4d8fc4") + rect(730, 236, 50, 50, "#f4c542", 8)),
  microbit: scene("#e6f0ef", "#c6dedb", at(480, 290, 1, shadow(0, 150, 220) + rect(-210, -150, 420, 290, "#264653", 40) + range(25).map((i) => rect(-72 + (i % 5) * 32, -80 + Math.floor(i / 5) * 32, 18, 18, [1, 3, 5, 6, 7, 8, 9, 11, 12, 13, 17].includes(i) ? "#ff6b6b" : "#3c5a66", 4)).join("") +
    circle(-150, 0, 32, "#111") + circle(150, 0, 32, "#111") + range(5).map((i) => circle(-160 + i * 80, 112, 22, "#e9c46a") + circle(-160 + i * 80, 112, 11, "#264653")).join(""))),
  ozobot: scene("#f3f0fb", "#ddd5f3", path("M60 420C260 250 330 520 520 400S760 200 910 300", "none", ink, 26) + path("M330 428l40 4", "none", "#e76f51", 26) + path("M560 378l34-20", "none", "#5aa469", 26) + path("M700 292l36-14", "none", "#4d8fc4", 26) +
    at(470, 330, 1.3, shadow(0, 58, 56) + path("M-54 50C-60-64 60-64 54 50Z", "#fff") + path("M-40 8C-40-44 40-44 40 8Z", "#8ecae6") + rect(-56, 40, 112, 20, ink, 10)) + at(800, 220, 0.8, shadow(0, 58, 56) + path("M-54 50C-60-64 60-64 54 50Z", "#ffe5ec") + path("M-40 8C-40-44 40-44 40 8Z", "#ffb5a7") + rect(-56, 40, 112, 20, ink, 10))),
  "makey-makey": scene("#fde8e4", "#f6cdc4", path("M420 330C380 440 250 440 220 380M480 340C480 470 520 470 560 420M560 320C660 380 720 350 760 380", "none", "#5aa469", 8) + at(490, 250, 1, rect(-120, -70, 240, 150, "#c94f3d", 16) + at(-60, -10, 0.9, arrow("#fff")) + at(0, 30, 0.9, arrow("#fff"), 180) + circle(66, 0, 20, "#fff")) +
    path("M140 380C150 470 280 470 300 370 260 410 190 410 140 380Z", "#f4c542") + circle(560, 430, 48, "#5aa469") + path("M560 384q6-24 26-24", "none", ink, 7) + circle(790, 390, 54, "#e76f51") + path("M790 340q-4-20 10-28", "none", ink, 7)),
  osmo: scene("#e8f3fb", "#cbe3f3", at(480, 210, 1, rect(-60, 130, 120, 40, "#fff", 12) + tablet(330, 220, path("M-120 60q60-90 120 0t120 0", "none", "#5aa469", 12) + circle(-60, -40, 24, "#f4c542")) + rect(-34, -140, 68, 34, "#e76f51", 10)) +
    range(5).map((i) => at(240 + i * 120, 450, 0.9, rect(-44, -30, 88, 60, ["#e76f51", "#f4c542", "#5aa469", "#4d8fc4", "#9b7fc9"][i], 12) + at(0, 2, 1, arrow("#fff"), [0, 90, 90, 180, 270][i]))).join("")),
  strawbees: scene("#eef6e2", "#d6e8bd", path("M480 90 300 440H660ZM390 265h180L480 440Z", "none", "#e76f51", 13) + path("M480 90 740 400 660 440M740 400 570 265", "none", "#4d8fc4", 13) + path("M480 90 220 400 300 440M220 400 390 265", "none", "#f4a72c", 13) +
    [[480, 90], [300, 440], [660, 440], [390, 265], [570, 265], [480, 440], [740, 400], [220, 400]].map(([x, y]) => circle(x, y, 20, "#5aa469")).join("")),
  robotmus: scene("#f1eef7", "#dad3ea", mat(150, 230, 6, 2, 110, "#fff", "#c3b8dc") + range(3).map((i) => rect(370 + i * 110, 200, 12, 150, "#9b7fc9", 6)).join("") + at(300, 300, 0.95, mouse) + path("M700 440 800 340a14 14 0 0 1 14 12v92a10 10 0 0 1-10 10h-98a8 8 0 0 1-6-14Z", "#f4c542") + circle(780, 400, 13, "#dba520") + circle(746, 428, 9, "#dba520")),
  "green-screen": scene("#ecebe4", "#d8d5c7", path("M220 90H740V400C740 440 700 440 640 440H320C260 440 220 440 220 400Z", "#5fb56a") + path("M210 84H750M214 84V470M746 84V470", "none", ink, 10) + lamp(140, 250) + lamp(840, 250) +
    at(480, 300, 1, path("M-70 110C-70-10 70-10 70 110Z", "#e76f51") + circle(0, -30, 46, "#f4c9a4") + path("M-46-40c20-40 72-40 92 0", ink))),
  mikroskop: scene("#e4f2f1", "#c3e0dd", shadow(430, 470, 170) + at(430, 290, 1, rect(-120, 150, 240, 30, ink, 12) + path("M60 150C130 60 110-60 20-100", "none", ink, 26) + rect(-70, 60, 150, 20, ink, 6) + at(0, -40, 1, rect(-30, -110, 60, 130, "#4d8fc4", 14) + rect(-22, 20, 44, 46, "#8ecae6", 8) + rect(-24, -136, 48, 30, ink, 8), -14)) +
    circle(720, 300, 120, "#fff") + circle(720, 300, 120, "none", `stroke="${ink}" stroke-width="10"`) + path("M680 330q40-90 90-60-10 70-90 60ZM684 328q40-20 70-44", "#a7d49b", "#5aa469", 6) + circle(690, 250, 12, "#e76f51") + circle(760, 350, 9, "#9b7fc9")),
  ljusbord: scene("#3d4160", "#33365280", ellipse(480, 330, 400, 150, "#ffe8a3", 'opacity=".35"') + path("M190 300H770L820 420H140Z", "#fff6d8") + path("M140 420H820V446H140Z", "#d9b56d") + rect(190, 446, 24, 70, "#b88f49") + rect(746, 446, 24, 70, "#b88f49") +
    path("M300 400l50-90 60 90Z", "#e76f51", "none", 0, 'opacity=".8"') + circle(470, 360, 44, "#4d8fc4", 'opacity=".75"') + rect(530, 320, 84, 70, "#5aa469", 8, 'opacity=".75"') + circle(660, 360, 34, "#f4c542", 'opacity=".9"') + path("M430 330l46-60 40 60Z", "#9b7fc9", "none", 0, 'opacity=".7"')),
  ipad: scene("#fceee8", "#f3d6ca", at(350, 290, 1, shadow(0, 190, 150) + tablet(220, 300, path("M-90 90-20-20 30 50 60 10 100 90Z", "#5aa469") + circle(50, -80, 30, "#f4c542")), -8) + at(620, 300, 1, shadow(0, 180, 150) + tablet(220, 300, rect(-80, -100, 160, 90, "#4d8fc4", 10) + path("M-16-80v50l44-25Z", "#fff") + rect(-80, 20, 160, 16, "#c9d6df", 8) + rect(-80, 56, 110, 16, "#c9d6df", 8)), 7)),
};

await mkdir(folder, { recursive: true });
const browser = await launch();
try {
  const page = await browser.newPage();
  for (const [name, svg] of Object.entries(drawings)) {
    const file = await page.evaluate(async ([svg, width, height]) => {
      const image = new Image(width, height);
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      canvas.getContext("2d").drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", 0.82).split(",")[1];
    }, [svg, width, height]);
    await writeFile(join(folder, `${name}.webp`), Buffer.from(file, "base64"));
  }
} finally {
  await browser.close();
}
