export function AddCamera() { return null }
