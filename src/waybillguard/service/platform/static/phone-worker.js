// Keeps the inspector's page and its files, so that it opens without a network. It keeps nothing else.
'use strict'
const CACHE = 'waybillguard-inspection-1'
const PAGE = /^\/town\/inspections\/\d+\/phone\/$/

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  if (PAGE.test(url.pathname)) event.respondWith(networkFirst(event.request))
  else if (url.pathname.startsWith('/static/')) event.respondWith(cacheFirst(event.request))
})

// A page that leads to the sign-in is shown and never kept.
async function networkFirst (request) {
  const cache = await caches.open(CACHE)
  try {
    const answer = await fetch(request)
    if (answer.ok && !answer.redirected) await cache.put(new URL(request.url).pathname, answer.clone())
    return answer
  } catch (error) {
    const kept = await cache.match(new URL(request.url).pathname)
    if (kept) return kept
    throw error
  }
}

async function cacheFirst (request) {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}
