export function heapInUse(): Promise<number>
