/** Address that InvokeEndpoint signs requests to. */
export function endpointUrl(region: string, endpointName: string): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://runtime.sagemaker.${region}.${suffix}/endpoints/${endpointName}/invocations`;
}
