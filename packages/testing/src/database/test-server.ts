/** URL of the server tests create their databases on. */
export const testServerUrl = async (): Promise<string> => {
  const configured = process.env['CAIRN_TEST_DATABASE_URL']
  if (configured === undefined || configured === '') throw new Error('set CAIRN_TEST_DATABASE_URL')
  return configured
}
