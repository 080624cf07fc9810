function FindProxyForURL(url, host) {
  if (shExpMatch(host, "*.erp321.com") || shExpMatch(host, "*.cainiao.com") || shExpMatch(host, "*.jinritemai.com"))
    return "PROXY 203.0.113.118:8899; DIRECT";
  return "DIRECT";
}
