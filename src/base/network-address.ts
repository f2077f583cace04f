import { BlockList, isIP } from 'node:net';

const LISTS = {
  unspecified: new BlockList(),
  'link-local': new BlockList(),
  "of a cloud's metadata service": new BlockList(),
  multicast: new BlockList(),
};
/** What an address is that no single machine of one's own has. */
export type ForbiddenKind = keyof typeof LISTS;

LISTS.unspecified.addSubnet('0.0.0.0', 8, 'ipv4');
LISTS.unspecified.addAddress('::', 'ipv6');
LISTS['link-local'].addSubnet('169.254.0.0', 16, 'ipv4');
LISTS['link-local'].addSubnet('fe80::', 10, 'ipv6');
LISTS["of a cloud's metadata service"].addAddress('100.100.100.200', 'ipv4');
LISTS["of a cloud's metadata service"].addAddress('fd00:ec2::254', 'ipv6');
// With what is reserved above it, and broadcast.
LISTS.multicast.addSubnet('224.0.0.0', 3, 'ipv4');
LISTS.multicast.addSubnet('ff00::', 8, 'ipv6');

/**
 * What an IP address is, where neither a camera nor a receiver of webhooks lives, but perhaps the credentials of a machine in a cloud; undefined
 * for all others, private and loopback ones among them. IPv4 written as IPv6 is known.
 */
export function forbiddenKindOf(address: string): ForbiddenKind | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return (Object.keys(LISTS) as ForbiddenKind[]).find((kind) => LISTS[kind].check(address, family));
}

/**
 * What the address of a camera's source is, where that is refused: as {@link forbiddenKindOf}, but that UDP listens on multicast and on all
 * addresses of one's own.
 *
 * @param url of the source
 * @param address that its host is, or stands for
 */
export function forbiddenSourceOf(url: string, address: string): ForbiddenKind | undefined {
  const kind = forbiddenKindOf(address);
  const isListening = /^udp:/i.test(url) && (kind === 'multicast' || kind === 'unspecified');
  return isListening ? undefined : kind;
}

/**
 * The host of a URL of any scheme, without brackets, and addresses in their usual form (`2130706433` and `0x7f.1` are 127.0.0.1); empty where there is
 * none.
 */
export function hostOf(url: string): string {
  // By the rules of http: URL takes other schemes' hosts as they stand.
  const asHttp = url.replace(/^[^:]+:\/\/@?/, 'http://');
  return URL.canParse(asHttp) ? new URL(asHttp).hostname.replace(/^\[|\]$/g, '') : '';
}
