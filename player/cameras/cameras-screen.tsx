export function CamerasScreen() { return null }
