// A photo made small in the browser: turned upright, at most as many points as a page needs, packed until it fits. Loaded
// only when somebody chooses one that is larger than that.

const SIDES = [1800, 1500, 1200, 900];
const QUALITIES = [0.7, 0.55, 0.45];

function drawn(picture, side) {
  const share = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * share));
  canvas.height = Math.max(1, Math.round(picture.height * share));
  const pen = canvas.getContext("2d");
  // What is transparent lies on white paper.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function packed(canvas, quality) {
  return new Promise(function (resolve) { canvas.toBlob(resolve, "image/jpeg", quality); });
}

// The photo as a JPG of at most `most` bytes; null where this browser cannot open it (HEIC in most), or not make it small
// enough.
export async function smaller(file, most) {
  let picture = null;
  try {
    // Turned as the camera was held.
    picture = await createImageBitmap(file);
    for (const side of SIDES) {
      const canvas = drawn(picture, side);
      for (const quality of QUALITIES) {
        const blob = await packed(canvas, quality);
        if (blob && blob.size <= most) {
          return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
        }
      }
    }
  } catch (unreadable) { /* the server has a word for what it cannot open either */ } finally {
    if (picture) picture.close();
  }
  return null;
}
