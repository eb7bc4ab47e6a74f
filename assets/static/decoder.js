// Finds QR codes in pictures from the camera, beside the page so that the page stays quick.
"use strict";

let reading;

addEventListener("message", async ({ data }) => {
  if (data.zxing) {
    importScripts(data.zxing);
    reading = ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => data.wasm }, fireImmediately: true });
    return;
  }
  try {
    await reading;
    const picture = new ImageData(new Uint8ClampedArray(data.pixels), data.width, data.height);
    const found = await ZXingWASM.readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true });
    postMessage({ text: found.find((one) => one.isValid)?.text ?? "" });
  } catch (error) {
    postMessage({ text: "", failed: String(error) });
  }
});
