const SENSOR = '{sensor}';
const MAX_LENGTH = 1000;

/**
 * A topic filter of MQTT in which `{sensor}` may stand for the level with the name of the sensor,
 * such as `site/+/{sensor}/flow`.
 */
export class TopicTemplate {
  readonly hasSensor: boolean;
  private readonly levels: readonly string[];

  private constructor(readonly text: string) {
    this.levels = text.split('/');
    this.hasSensor = this.levels.includes(SENSOR);
  }

  /** Undefined where it is not one. */
  static parse(text: string): TopicTemplate | undefined {
    const levels = text.split('/');
    const isValid = (level: string, index: number) =>
      level === SENSOR ||
      level === '+' ||
      (level === '#' && index === levels.length - 1) ||
      !/[+#{}\u0000-\u001f]/.test(level);
    const sensors = levels.filter((level) => level === SENSOR).length;
    const isTopic = text !== '' && text.length <= MAX_LENGTH && levels.every(isValid);
    return isTopic && sensors <= 1 ? new TopicTemplate(text) : undefined;
  }

  /** What is subscribed to. */
  get filter(): string {
    return this.levels.map((level) => (level === SENSOR ? '+' : level)).join('/');
  }

  /** @returns the name of the sensor, if the template has it; undefined where the topic does not match */
  match(topic: string): { readonly sensor: string | undefined } | undefined {
    const given = topic.split('/');
    let sensor: string | undefined;
    for (const [index, level] of this.levels.entries()) {
      if (level === '#') return { sensor };
      const name = given[index];
      if (name === undefined) return undefined;
      if (level === SENSOR) sensor = name;
      else if (level !== '+' && level !== name) return undefined;
    }
    return given.length === this.levels.length ? { sensor } : undefined;
  }
}
