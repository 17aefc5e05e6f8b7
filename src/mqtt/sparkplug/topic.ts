const NAMESPACE = 'spBv1.0';
const TYPES = ['NBIRTH', 'NDEATH', 'NDATA', 'DBIRTH', 'DDEATH', 'DDATA'] as const;

/** Where a message comes from, and what it is. */
export interface SparkplugTopic {
  readonly type: (typeof TYPES)[number];
  readonly group: string;
  readonly node: string;
  /** undefined: the edge node itself */
  readonly device: string | undefined;
}

/** `spBv1.0/GROUP/TYPE/NODE/DEVICE`; undefined for commands, states, and what is none of Sparkplug's. */
export function parseTopic(topic: string): SparkplugTopic | undefined {
  const [namespace, group, name, node, device, ...more] = topic.split('/');
  const type = TYPES.find((each) => each === name);
  if (namespace !== NAMESPACE || !type || !group || !node || more.length > 0) return undefined;
  if (type.startsWith('D') !== !!device) return undefined;
  return { type, group, node, device };
}

export const commandTopic = (group: string, node: string) => `${NAMESPACE}/${group}/NCMD/${node}`;

export const stateTopic = (hostId: string) => `${NAMESPACE}/STATE/${hostId}`;

/** What the devices of `flowgate device set` are called: `GROUP/NODE/DEVICE`, or `GROUP/NODE`. */
export const deviceOf = ({ group, node, device }: Omit<SparkplugTopic, 'type'>) =>
  device === undefined ? `${group}/${node}` : `${group}/${node}/${device}`;
