export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** What a map shows: its centre in degrees, and pixels per degree of latitude. */
export interface View {
  readonly centre: Place;
  readonly scale: number;
}

/** Pixels from the top left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const MARGIN_PX = 36;
// A lone sensor is shown with its surroundings.
const MIN_DEGREES = 1.5;

/** The view that shows all places, and at least so many degrees. */
export function viewOf(
  places: readonly Place[],
  { width, height }: Size,
  minDegrees = MIN_DEGREES,
): View {
  if (places.length === 0) return { centre: { latitude: 39, longitude: -98 }, scale: width / 50 };
  const [south, north] = bounds(places.map(({ latitude }) => latitude));
  const [west, east] = bounds(places.map(({ longitude }) => longitude));
  const centre = { latitude: (south + north) / 2, longitude: (west + east) / 2 };
  const eastward = Math.max(east - west, minDegrees) * shrink(centre);
  const northward = Math.max(north - south, minDegrees);
  const scale = Math.min((width - 2 * MARGIN_PX) / eastward, (height - 2 * MARGIN_PX) / northward);
  return { centre, scale: Math.max(scale, 0.5) };
}

/** Equirectangular, true to scale at the centre. */
export function project(
  { latitude, longitude }: Place,
  { centre, scale }: View,
  size: Size,
): Point {
  return {
    x: size.width / 2 + (longitude - centre.longitude) * shrink(centre) * scale,
    y: size.height / 2 - (latitude - centre.latitude) * scale,
  };
}

/** The place at so many pixels from the top left corner. */
export function unproject({ x, y }: Point, { centre, scale }: View, size: Size): Place {
  const longitude = centre.longitude + (x - size.width / 2) / (shrink(centre) * scale);
  const latitude = centre.latitude - (y - size.height / 2) / scale;
  return {
    latitude: Math.min(Math.max(latitude, -90), 90),
    longitude: Math.min(Math.max(longitude, -180), 180),
  };
}

/** What projects a path in degrees whose y runs southward: an SVG transform. */
export function transformOf({ centre, scale }: View, { width, height }: Size): string {
  const across = shrink(centre) * scale;
  const x = width / 2 - centre.longitude * across;
  const y = height / 2 + centre.latitude * scale;
  return `matrix(${across} 0 0 ${scale} ${x} ${y})`;
}

/** The view after the map was dragged by x and y pixels. */
export function moved({ centre, scale }: View, x: number, y: number): View {
  const longitude = centre.longitude - x / (scale * shrink(centre));
  const latitude = Math.min(Math.max(centre.latitude + y / scale, -85), 85);
  return { centre: { latitude, longitude }, scale };
}

function shrink({ latitude }: Place): number {
  return Math.cos((latitude * Math.PI) / 180);
}

function bounds(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
