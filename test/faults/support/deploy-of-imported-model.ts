const MODEL = { artifactType: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' } };

/** A pipeline that imports a model from a folder and deploys it without any evaluation. */
export function deployOfImportedModel(uri: string): object {
  const text = { parameterType: 'STRING' };
  return {
    pipelineInfo: { name: 'deploy-imported' },
    schemaVersion: '2.1.0',
    components: {
      'comp-importer': {
        executorLabel: 'exec-importer',
        inputDefinitions: { parameters: { uri: text } },
        outputDefinitions: { artifacts: { artifact: MODEL } },
      },
      'comp-deploy-model': {
        executorLabel: 'exec-deploy-model',
        inputDefinitions: { artifacts: { model: MODEL }, parameters: { endpoint_name: text } },
      },
    },
    deploymentSpec: {
      executors: {
        'exec-importer': {
          importer: {
            artifactUri: { runtimeParameter: 'uri' },
            typeSchema: MODEL.artifactType,
          },
        },
        'exec-deploy-model': { container: { image: 'anneal-tasks', command: ['true'] } },
      },
    },
    root: {
      dag: {
        tasks: {
          importer: {
            componentRef: { name: 'comp-importer' },
            inputs: { parameters: { uri: { runtimeValue: { constant: uri } } } },
          },
          'deploy-model': {
            componentRef: { name: 'comp-deploy-model' },
            dependentTasks: ['importer'],
            inputs: {
              artifacts: {
                model: {
                  taskOutputArtifact: { producerTask: 'importer', outputArtifactKey: 'artifact' },
                },
              },
              parameters: { endpoint_name: { runtimeValue: { constant: 'churn-model-prod' } } },
            },
          },
        },
      },
    },
  };
}
