function FindProxyForURL(url, host) {
  if (isPlainHostName(host) || dnsDomainIs(host, ".corp.test") || isInNet(host, "10.0.0.0", "255.0.0.0")) return "DIRECT";
  return "PROXY 10.20.30.3:8080; DIRECT";
}
