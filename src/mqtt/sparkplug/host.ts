import { withinCalendar } from '../../domain/shared/time.js';
import type { MqttConfig } from '../config.js';
import type { MqttMessage } from '../connection.js';
import type { MessageReader, ReadMessage } from '../message-reader.js';
import { BadMessageError, type ReadValue } from '../profiles/profile.js';
import { EdgeNode, type DefinedMetric } from './edge-node.js';
import { WaitingBytes } from './waiting-data.js';
import { propertiesOf, valueOf } from './metric-value.js';
import { decodePayload, rebirthCommand, type Payload } from './payload.js';
import { RebirthLimit } from './rebirth-limit.js';
import type { SensorTemplate } from './sensor-template.js';
import { commandTopic, deviceOf, parseTopic, type SparkplugTopic } from './topic.js';

export interface HostDeps {
  readonly publish: (topic: string, payload: Buffer) => void;
}

const MAX_NODES = 10_000;
const MAX_MS = 253_402_300_799_999;
const CONTROLS = /^(bdSeq$|Node Control\/|Device Control\/)/;
const NOTHING: ReadMessage = { values: [], refused: [] };

interface Known {
  readonly node: EdgeNode;
  readonly limit: RebirthLimit;
}

/**
 * A host application of Sparkplug B, which asks edge nodes for their births where it lacks them.
 * Source: Sparkplug 3.0, https://sparkplug.eclipse.org/specification/
 */
export class SparkplugHost implements MessageReader {
  private readonly nodes = new Map<string, Known>();
  private readonly waitingBytes = new WaitingBytes();

  constructor(
    private readonly config: Pick<MqttConfig, 'topics'> & { readonly sensor: SensorTemplate },
    private readonly deps: HostDeps,
  ) {}

  read(message: MqttMessage, receivedAt: Date): ReadMessage {
    const topic = parseTopic(message.topic);
    if (!topic || !this.config.topics.some((each) => each.match(message.topic))) return NOTHING;
    if (message.retain) {
      return refusing('The message was retained by the broker, which Sparkplug B does not allow.');
    }
    let payload: Payload;
    try {
      payload = decodePayload(message.payload);
    } catch (error) {
      if (error instanceof BadMessageError) return refusing(error.message);
      throw error;
    }
    const known = this.nodeOf(topic);
    if (!known) return refusing(`More than ${MAX_NODES} edge nodes send messages.`);
    const { node, limit } = known;
    const receipt = { receivedAt, isRepeated: message.dup, bytes: message.payload.length };
    const { metrics, refused } = node.receive(topic, payload, receipt);
    const isDeath = topic.type === 'NDEATH';
    if (node.needsBirth && !isDeath && limit.take(receivedAt)) {
      this.deps.publish(commandTopic(topic.group, topic.node), rebirthCommand(receivedAt));
    }
    const read = metrics
      .filter(({ metric: { isNull = false } }) => !isNull)
      .map((metric) => this.valueOf(topic, metric));
    return {
      values: read.filter((each) => typeof each !== 'string'),
      refused: [...refused, ...read.filter((each) => typeof each === 'string')],
      ifNone: topic.type.endsWith('BIRTH') ? this.ifNone(topic, metrics) : undefined,
    };
  }

  restart(): void {
    for (const { node } of this.nodes.values()) node.miss();
  }

  /** Undefined where there are too many. */
  private nodeOf({ group, node }: SparkplugTopic): Known | undefined {
    const key = `${group}/${node}`;
    const known = this.nodes.get(key);
    if (known || this.nodes.size >= MAX_NODES) return known;
    const added = { node: new EdgeNode(this.waitingBytes), limit: new RebirthLimit() };
    this.nodes.set(key, added);
    return added;
  }

  private valueOf(
    { group, node }: SparkplugTopic,
    { device, metric, definition, timestamp, waitingSince }: DefinedMetric,
  ): ReadValue | string {
    const { name, datatype } = definition;
    const key = deviceOf({ group, node, device });
    if (timestamp !== undefined && Number(timestamp) > MAX_MS) {
      return `${key} ${name}: "timestamp" must be in milliseconds since 1970; got ${timestamp}.`;
    }
    const properties = propertiesOf(metric);
    return {
      device: key,
      field: name,
      sensorName: this.config.sensor.nameOf({ group, node, device, metric: name }) ?? '',
      value: valueOf(metric, metric.datatype ?? datatype),
      datetime: timestamp === undefined ? waitingSince : withinCalendar(Number(timestamp)),
      unit: properties.unit ?? definition.unit,
      quality: properties.quality,
    };
  }

  /** Where a birth has only metrics of no sensor, somebody forgot to set one. */
  private ifNone(topic: SparkplugTopic, metrics: readonly DefinedMetric[]): string | undefined {
    const found = metrics.find(
      ({ metric, definition }) => !metric.isNull && !CONTROLS.test(definition.name),
    );
    if (!found) return undefined;
    const metric = found.definition.name;
    const name = this.config.sensor.nameOf({ ...topic, metric }) ?? '';
    const example = name ? `, such as ${JSON.stringify(name)},` : '';
    return (
      `No metric of ${JSON.stringify(deviceOf(topic))} is of a sensor: no sensor has the name of one${example}` +
      ` and none is set with "flowgate device set" or setDeviceField.`
    );
  }
}

function refusing(reason: string): ReadMessage {
  return { values: [], refused: [reason] };
}
