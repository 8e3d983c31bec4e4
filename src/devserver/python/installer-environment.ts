// What uv and pip are told beside their arguments.

/** pip's own settings, under the names that uv reads; a value set for uv itself wins. */
const UV_NAMES: Readonly<Record<string, string>> = {
  PIP_INDEX_URL: 'UV_DEFAULT_INDEX',
  PIP_EXTRA_INDEX_URL: 'UV_INDEX',
  PIP_FIND_LINKS: 'UV_FIND_LINKS',
  PIP_TRUSTED_HOST: 'UV_INSECURE_HOST',
  PIP_CERT: 'SSL_CERT_FILE',
};

/**
 * The environment that uv and pip run in: the user's package sources, and nothing of an activated environment.
 */
export function installerEnvironment(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...source,
    PYTHONNOUSERSITE: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_REQUIRE_VIRTUALENV: '0',
    PIP_USER: '0',
    UV_PYTHON_DOWNLOADS: 'never',
  };
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX', 'PYTHONHOME', 'PYTHONPATH']) {
    delete environment[name];
  }
  for (const [pipName, uvName] of Object.entries(UV_NAMES)) {
    environment[uvName] ??= source[pipName];
  }
  return environment;
}
