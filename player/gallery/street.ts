/** A drawn street for the gallery: no picture of a real place, no file, the same for the same number. */
export function street(n: number, night = false): string {
  const roll = (at: number): number => ((Math.sin(n * 97.13 + at * 31.7) * 43758.5453) % 1 + 1) % 1
  const horizon = 250 + roll(1) * 60
  const sky = night ? '#2a2f3a' : '#d9dfe0'
  const houses = Array.from({ length: 9 }, (_, at) => {
    const left = at < 5
    const depth = left ? at / 5 : (at - 5) / 4
    const near = 1 - depth
    const width = 60 + near * 170
    const x = left ? 640 - 90 - depth * -20 - 560 * near : 640 + 90 + 430 * near
    const height = 70 + near * (260 + roll(at) * 160)
    const tone = ['#8d9aa0', '#a9a292', '#9aa7a0', '#b3ac9d', '#88949c'][(at + n) % 5] ?? '#999'
    return `<rect x="${x}" y="${horizon - height * 0.62}" width="${width}" height="${height}" fill="${night ? '#3a3f49' : tone}"/>${Array.from({ length: 6 }, (_w, w) => `<rect x="${x + width * (0.12 + (w % 3) * 0.28)}" y="${horizon - height * 0.5 + Math.floor(w / 3) * height * 0.2}" width="${width * 0.16}" height="${height * 0.1}" fill="${night ? '#d9b26a' : '#5b666d'}" opacity="${night ? 0.5 : 0.8}"/>`).join('')}`
  }).join('')
  const riders = Array.from({ length: 12 }, (_, at) => {
    const depth = roll(at + 20)
    const y = horizon + 24 + depth * depth * 400
    const scale = 0.18 + (y - horizon) / 430
    const x = 640 + (roll(at + 40) - 0.5) * (160 + (y - horizon) * 2)
    const tone = ['#b85c5c', '#4f6d86', '#e8e6df', '#5f7a5f', '#c4a35a'][at % 5] ?? '#ccc'
    if (at % 4 === 0) return `<g transform="translate(${x} ${y}) scale(${scale})"><ellipse cx="0" cy="4" rx="95" ry="16" fill="#00000055"/><rect x="-85" y="-90" width="170" height="80" rx="14" fill="${tone}"/><path d="M-62 -90 L-44 -142 H44 L62 -90z" fill="#2d3338"/><rect x="-70" y="-24" width="34" height="28" rx="6" fill="#1c1f22"/><rect x="36" y="-24" width="34" height="28" rx="6" fill="#1c1f22"/></g>`
    return `<g transform="translate(${x} ${y}) scale(${scale})"><ellipse cx="0" cy="4" rx="34" ry="8" fill="#00000055"/><rect x="-9" y="-52" width="18" height="54" rx="8" fill="#23282c"/><rect x="-22" y="-104" width="44" height="62" rx="16" fill="${tone}"/><circle cx="0" cy="-122" r="18" fill="${at % 2 ? '#d7d9db' : '#394048'}"/></g>`
  }).join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720" width="1280" height="720"><rect width="1280" height="720" fill="${sky}"/><rect y="${horizon - 60}" width="1280" height="70" fill="${night ? '#343a45' : '#b8c0c2'}"/>${houses}<path d="M560 ${horizon} L720 ${horizon} L1600 720 L-320 720z" fill="${night ? '#3b3f44' : '#6f7377'}"/><path d="M560 ${horizon} L520 ${horizon} L-760 720 L-320 720z" fill="${night ? '#4a4d50' : '#a7a49b'}"/><path d="M720 ${horizon} L760 ${horizon} L2040 720 L1600 720z" fill="${night ? '#4a4d50' : '#a7a49b'}"/><path d="M637 ${horizon} L643 ${horizon} L662 720 L618 720z" fill="#e8e8e2" opacity=".8"/>${[0, 1, 2, 3].map((at) => `<path d="M${600 - at * 60} ${horizon + 40 + at * 90} l-4 0 l-${22 + at * 14} ${40 + at * 18} l${8 + at * 3} 0z" fill="#e8e8e2" opacity=".6"/>`).join('')}${riders}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
