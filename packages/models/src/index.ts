export { type Activation, activate, activationKey } from "./activations.js";
export { batchNorm, initBatchNorm, runningNames } from "./batch-norm.js";
export { categorical } from "./categorical.js";
export { convBranches } from "./conv-branches.js";
export { type ConvolutionShape, convolution, initConvolution, initRectifiedConvolution } from "./convolution.js";
export { type DenseShape, dense, initDense, parameterOf } from "./dense.js";
export { flatten } from "./flatten.js";
export { asImages, type ImageLayout, type ImageShape, imageKeys, imageShape } from "./images.js";
export { lenet5 } from "./lenet5.js";
export { linear } from "./linear.js";
export { mlp } from "./mlp.js";
export { modelsPlugin } from "./models-plugin.js";
export type { ElementType } from "./onnx/element-types.js";
export { OnnxError } from "./onnx/errors.js";
export { type ImportedOnnx, type ImportOptions, importOnnx } from "./onnx/import-onnx.js";
export type { ImportShapes } from "./onnx/input-shapes.js";
export type {
  OnnxAttribute,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
  StoredData,
} from "./onnx/onnx-model.js";
export { supportedOnnxOperators } from "./onnx/operators/index.js";
export { readOnnx } from "./onnx/proto/read-onnx.js";
export { readOnnxTensor } from "./onnx/proto/read-tensor.js";
export { toArray as onnxTensorToArray } from "./onnx/to-array.js";
export { type UnsupportedOperator, unsupportedOperators } from "./onnx/unsupported-operators.js";
export { type OnnxConfig, onnxModel, type ReadModelFile } from "./onnx.js";
export { residual } from "./residual.js";
export { resizeBilinear } from "./resize-bilinear.js";
export { resnet18 } from "./resnet18.js";
export { sparseMlp } from "./sparse-mlp.js";
export { VERSION } from "./version.js";
