import { BlockList, isIP, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** `10.20.0.0/16` or `2001:db8::/48`: whether this text names a network. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/')
  const kind = isIP(address)
  return kind !== 0 && more.length === 0 && /^\d{1,3}$/.test(prefix ?? '') && Number(prefix) <= (kind === 4 ? 32 : 128)
}

/** Asks of an address whether it lies in one of these networks. */
export function makeNetworkList(networks: readonly string[]): (ip: string) => boolean {
  const list = new BlockList()
  for (const network of networks.filter(isNetwork)) {
    const [address = '', prefix] = network.split('/')
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return (ip) => isIP(ip) !== 0 && list.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6')
}

/** A socket that listens on both families names IPv4 callers ::ffff:10.0.0.1; people and lists write 10.0.0.1. */
export function plainIp(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
}

/** IPv4 of this machine, as encoders can dial it. */
export function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((interfaces) => (interfaces ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address))
}
