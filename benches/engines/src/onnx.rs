//! The built-in encoder as an ONNX file: `models/reader/model.safetensors` in the operators that exporters and dynamic
//! quantisers use (opset 20), for engines that read nothing else.

use half::f16;
use prost::Message;
use safetensors::{Dtype, SafeTensors};

/// In what numbers the large products are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Products {
    /// 32-bit floats.
    F32,
    /// 8-bit integers: weights with a scale for each output, x with one for the whole window, found as it runs.
    Int8,
}

const FLOAT: i32 = 1;
const INT8: i32 = 3;
const INT64: i32 = 7;

/// The model file's bytes. Inputs `ids` and `positions` (int64, one window's), output `hidden` (a row each).
pub fn encoder(weights: &[u8], layers: usize, heads: usize, eps: f32, products: Products) -> Vec<u8> {
    let tensors = SafeTensors::deserialize(weights).expect("the built-in weights are whole");
    let mut graph = Graph { tensors, products, graph: GraphProto::default() };
    graph.build(layers, heads, eps);
    let opset = OperatorSet { version: 20 };
    Model { ir_version: 9, graph: Some(graph.graph), opset_import: vec![opset] }.encode_to_vec()
}

struct Graph<'a> {
    tensors: SafeTensors<'a>,
    products: Products,
    graph: GraphProto,
}

impl Graph<'_> {
    fn build(&mut self, layers: usize, heads: usize, eps: f32) {
        let (words, width) = self.floats("embeddings.word");
        let (scales, _) = self.floats("embeddings.word.scale");
        let words: Vec<f32> = words
            .chunks(width)
            .zip(scales)
            .flat_map(|(row, scale)| row.iter().map(move |x| x * scale))
            .collect();
        self.constant("words", &words, &[words.len() / width, width]);
        let (positions, _) = self.floats("embeddings.position");
        self.constant("table", &positions, &[positions.len() / width, width]);
        self.longs("split heads", &[-1, 3, heads as i64, (width / heads) as i64]);
        self.longs("join heads", &[-1, width as i64]);
        self.constant("scale", &[1.0 / ((width / heads) as f32).sqrt()], &[]);
        self.graph.input = vec![Value::named("ids", INT64), Value::named("positions", INT64)];
        self.graph.output = vec![Value::named("hidden", FLOAT)];

        self.node("Gather", &["words", "ids"], &["word"], vec![]);
        self.node("Gather", &["table", "positions"], &["position"], vec![]);
        self.node("Add", &["word", "position"], &["embedded"], vec![]);
        let mut x = self.norm("embedded", "embeddings.norm", eps);
        for i in 0..layers {
            let name = |part: &str| format!("layer.{i}.{part}");
            let qkv = self.dense(&x, &name("qkv"));
            let attended = self.attention(&qkv, &name("attention"));
            let out = self.dense(&attended, &name("out"));
            let sum = self.one("Add", &[&x, &out], name("sum1"), vec![]);
            x = self.norm(&sum, &name("norm1"), eps);
            let up = self.dense(&x, &name("up"));
            let up = self.one("Gelu", &[&up], name("gelu"), vec![]);
            let down = self.dense(&up, &name("down"));
            let sum = self.one("Add", &[&x, &down], name("sum2"), vec![]);
            x = self.norm(&sum, &name("norm2"), eps);
        }
        self.node("Identity", &[&x], &["hidden"], vec![]);
    }

    fn attention(&mut self, qkv: &str, name: &str) -> String {
        let at = |part: &str| format!("{name}.{part}");
        let parts = self.one("Reshape", &[qkv, "split heads"], at("parts"), vec![]);
        let parts =
            self.one("Transpose", &[&parts], at("by head"), vec![Attribute::ints("perm", &[1, 2, 0, 3])]);
        let [q, k, v] = ["q", "k", "v"].map(at);
        self.node(
            "Split",
            &[&parts],
            &[&q, &k, &v],
            vec![Attribute::int("axis", 0), Attribute::int("num_outputs", 3)],
        );
        let k = self.one("Transpose", &[&k], at("keys"), vec![Attribute::ints("perm", &[0, 1, 3, 2])]);
        let scores = self.one("MatMul", &[&q, &k], at("scores"), vec![]);
        let scores = self.one("Mul", &[&scores, "scale"], at("scaled"), vec![]);
        let weights = self.one("Softmax", &[&scores], at("weights"), vec![Attribute::int("axis", -1)]);
        let mixed = self.one("MatMul", &[&weights, &v], at("mixed"), vec![]);
        let mixed =
            self.one("Transpose", &[&mixed], at("rows"), vec![Attribute::ints("perm", &[0, 2, 1, 3])]);
        self.one("Reshape", &[&mixed, "join heads"], at("joined"), vec![])
    }

    /// x Wᵀ + b.
    fn dense(&mut self, x: &str, name: &str) -> String {
        let (weight, inputs) = self.floats(&format!("{name}.weight"));
        let (bias, _) = self.floats(&format!("{name}.bias"));
        let outputs = bias.len();
        let at = |part: &str| format!("{name}.{part}");
        let turned = |value: &dyn Fn(usize, usize) -> f32| -> Vec<f32> {
            (0..inputs * outputs).map(|i| value(i % outputs, i / outputs)).collect()
        };
        self.constant(&at("bias"), &bias, &[outputs]);
        let product = match self.products {
            Products::F32 => {
                let weight = turned(&|output, input| weight[output * inputs + input]);
                self.constant(&at("weight"), &weight, &[inputs, outputs]);
                self.one("MatMul", &[x, &at("weight")], at("product"), vec![])
            }
            Products::Int8 => {
                let tops = weight
                    .chunks(inputs)
                    .map(|row| row.iter().fold(0.0f32, |top, value| top.max(value.abs())));
                let scales: Vec<f32> = tops.map(|top| top.max(1e-8) / 127.0).collect();
                let weight = turned(&|output, input| weight[output * inputs + input] / scales[output]);
                let bytes = weight.iter().flat_map(|value| (value.round() as i8).to_le_bytes()).collect();
                self.tensor(&at("weight"), INT8, bytes, &[inputs, outputs]);
                self.tensor(&at("zero"), INT8, vec![0; outputs], &[outputs]);
                self.constant(&at("scales"), &scales, &[outputs]);
                let [quantised, scale, zero] = ["x", "x scale", "x zero"].map(at);
                self.node("DynamicQuantizeLinear", &[x], &[&quantised, &scale, &zero], vec![]);
                let inputs = [&*quantised, &at("weight"), &zero, &at("zero")];
                let sums = self.one("MatMulInteger", &inputs, at("sums"), vec![]);
                let sums =
                    self.one("Cast", &[&sums], at("float sums"), vec![Attribute::int("to", FLOAT.into())]);
                let scale = self.one("Mul", &[&scale, &at("scales")], at("scale"), vec![]);
                self.one("Mul", &[&sums, &scale], at("product"), vec![])
            }
        };
        self.one("Add", &[&product, &at("bias")], at("y"), vec![])
    }

    fn norm(&mut self, x: &str, name: &str, eps: f32) -> String {
        let [weight, shift] = ["weight", "bias"].map(|part| format!("{name}.{part}"));
        for part in [&weight, &shift] {
            let (values, _) = self.floats(part);
            self.constant(part, &values, &[values.len()]);
        }
        let attributes = vec![Attribute::int("axis", -1), Attribute::float("epsilon", eps)];
        self.one("LayerNormalization", &[x, &weight, &shift], format!("{name}.y"), attributes)
    }

    /// A tensor of the weights as floats, and its last dimension.
    fn floats(&self, name: &str) -> (Vec<f32>, usize) {
        let tensor = self.tensors.tensor(name).expect("the encoder has it");
        let data = tensor.data();
        let values = match tensor.dtype() {
            Dtype::F16 => {
                data.as_chunks().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect()
            }
            Dtype::F32 => data.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
            Dtype::I8 => data.iter().map(|&byte| f32::from(byte.cast_signed())).collect(),
            other => panic!("{name}: {other:?}"),
        };
        (values, tensor.shape().last().copied().unwrap_or(1))
    }

    fn constant(&mut self, name: &str, values: &[f32], shape: &[usize]) {
        self.tensor(name, FLOAT, values.iter().flat_map(|value| value.to_le_bytes()).collect(), shape);
    }

    fn longs(&mut self, name: &str, values: &[i64]) {
        self.tensor(
            name,
            INT64,
            values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            &[values.len()],
        );
    }

    fn tensor(&mut self, name: &str, data_type: i32, raw_data: Vec<u8>, shape: &[usize]) {
        let dims = shape.iter().map(|&size| size as i64).collect();
        self.graph.initializer.push(Tensor { dims, data_type, name: name.to_owned(), raw_data });
    }

    fn one(&mut self, operator: &str, inputs: &[&str], output: String, attributes: Vec<Attribute>) -> String {
        self.node(operator, inputs, &[&output], attributes);
        output
    }

    fn node(&mut self, operator: &str, inputs: &[&str], outputs: &[&str], attribute: Vec<Attribute>) {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
        let name = outputs[0].to_owned();
        let op_type = operator.to_owned();
        self.graph.node.push(Node { input: names(inputs), output: names(outputs), name, op_type, attribute });
    }
}

// The part of onnx.proto that is needed, by its field numbers (ONNX 1.16, Apache-2.0).

#[derive(Message)]
struct Model {
    #[prost(int64, tag = "1")]
    ir_version: i64,
    #[prost(message, optional, tag = "7")]
    graph: Option<GraphProto>,
    #[prost(message, repeated, tag = "8")]
    opset_import: Vec<OperatorSet>,
}

#[derive(Message)]
struct OperatorSet {
    #[prost(int64, tag = "2")]
    version: i64,
}

#[derive(Message)]
struct GraphProto {
    #[prost(message, repeated, tag = "1")]
    node: Vec<Node>,
    #[prost(message, repeated, tag = "5")]
    initializer: Vec<Tensor>,
    #[prost(message, repeated, tag = "11")]
    input: Vec<Value>,
    #[prost(message, repeated, tag = "12")]
    output: Vec<Value>,
}

#[derive(Message)]
struct Node {
    #[prost(string, repeated, tag = "1")]
    input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    output: Vec<String>,
    #[prost(string, tag = "3")]
    name: String,
    #[prost(string, tag = "4")]
    op_type: String,
    #[prost(message, repeated, tag = "5")]
    attribute: Vec<Attribute>,
}

#[derive(Message)]
struct Attribute {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(float, optional, tag = "2")]
    f: Option<f32>,
    #[prost(int64, optional, tag = "3")]
    i: Option<i64>,
    #[prost(int64, repeated, packed = "false", tag = "8")]
    ints: Vec<i64>,
    #[prost(int32, tag = "20")]
    kind: i32,
}

impl Attribute {
    fn float(name: &str, value: f32) -> Self {
        Self { name: name.to_owned(), f: Some(value), kind: 1, ..Self::default() }
    }

    fn int(name: &str, value: i64) -> Self {
        Self { name: name.to_owned(), i: Some(value), kind: 2, ..Self::default() }
    }

    fn ints(name: &str, values: &[i64]) -> Self {
        Self { name: name.to_owned(), ints: values.to_vec(), kind: 7, ..Self::default() }
    }
}

#[derive(Message)]
struct Tensor {
    #[prost(int64, repeated, packed = "false", tag = "1")]
    dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    data_type: i32,
    #[prost(string, tag = "8")]
    name: String,
    #[prost(bytes = "vec", tag = "9")]
    raw_data: Vec<u8>,
}

#[derive(Message)]
struct Value {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "2")]
    kind: Option<TypeProto>,
}

impl Value {
    /// One dimension for inputs, two for the output, of unknown size.
    fn named(name: &str, elem_type: i32) -> Self {
        let dim = if elem_type == FLOAT { vec![Dimension::default(); 2] } else { vec![Dimension::default()] };
        let tensor = TensorType { elem_type, shape: Some(Shape { dim }) };
        Self { name: name.to_owned(), kind: Some(TypeProto { tensor_type: Some(tensor) }) }
    }
}

#[derive(Message)]
struct TypeProto {
    #[prost(message, optional, tag = "1")]
    tensor_type: Option<TensorType>,
}

#[derive(Message)]
struct TensorType {
    #[prost(int32, tag = "1")]
    elem_type: i32,
    #[prost(message, optional, tag = "2")]
    shape: Option<Shape>,
}

#[derive(Message)]
struct Shape {
    #[prost(message, repeated, tag = "1")]
    dim: Vec<Dimension>,
}

#[derive(Clone, Message)]
struct Dimension {}
