import { pictureHeight, pictureSvg, WIDTH, type Picture } from './charts/picture.js';

export type PictureFormat = 'svg' | 'png';

/** Pixels of a PNG for each of the SVG. */
const SCALE = 2;

/** Downloads a plot as a file that is named after what it shows. */
export async function savePicture(picture: Picture, format: PictureFormat): Promise<void> {
  const svg = pictureSvg(picture);
  const blob =
    format === 'svg'
      ? new Blob([svg], { type: 'image/svg+xml' })
      : await rasterized(svg, WIDTH, pictureHeight(picture));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${fileName(picture)}.${format}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function rasterized(svg: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The picture cannot be encoded.'));
    }, 'image/png');
  });
}

/** Without characters that file systems refuse. */
function fileName({ title, range }: Picture): string {
  const name = title
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
  const [start, end] = [range.start, range.end].map((instant) =>
    new Date(instant).toISOString().replace(/[-:]|\.\d+/g, ''),
  );
  return `${name}-${start!}-${end!}`;
}
