const SIZE = 8;

/** Diagonal lines: what is not measured differs by more than its colour. */
export function hatch(
  context: CanvasRenderingContext2D,
  background: string,
  lines: string,
): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = SIZE;
  tile.height = SIZE;
  const drawing = tile.getContext('2d');
  if (!drawing) return background;
  drawing.fillStyle = background;
  drawing.fillRect(0, 0, SIZE, SIZE);
  drawing.strokeStyle = lines;
  drawing.globalAlpha = 0.45;
  drawing.beginPath();
  for (const shift of [-SIZE, 0, SIZE]) {
    drawing.moveTo(shift, SIZE);
    drawing.lineTo(shift + SIZE, 0);
  }
  drawing.stroke();
  return context.createPattern(tile, 'repeat') ?? background;
}
