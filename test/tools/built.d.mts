export declare function isBuilt(): boolean
export declare function changedMs(path: string): number
